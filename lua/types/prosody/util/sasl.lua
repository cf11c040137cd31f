---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Logging in.
---@class util.sasl.library
local lib = {}

---A handler with methods mechanisms, select, process, clean_clone.
---@param realm string
---@param profile table
---@return table
function lib.new(realm, profile) end

---Adds a mechanism.
---@param name string
---@param backends string[]
---@param f function
---@param cb_backends? table
function lib.registerMechanism(name, backends, f, cb_backends) end

return lib
