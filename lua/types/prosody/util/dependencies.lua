---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Libraries that may be missing.
---@class util.dependencies.library
local lib = {}

---Whether all that Prosody needs is there.
---@return boolean
function lib.check_dependencies() end

---Does nothing.
function lib.log_warnings() end

---Tells that a library is missing.
---@param name string
---@param sources? table
---@param message? string
function lib.missingdep(name, sources, message) end

---What require gives, or nil and why not.
---@param name string
---@return any
---@return string?
function lib.softreq(name) end

return lib
