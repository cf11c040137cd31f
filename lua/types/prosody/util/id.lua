---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Random names.
---@class util.id.library
local lib = {}

---A function for another length.
---@param bytes integer
---@return fun(): string
function lib.custom(bytes) end

---24 bytes.
---@return string
function lib.long() end

---15 bytes.
---@return string
function lib.medium() end

---9 bytes.
---@return string
function lib.short() end

---3 bytes.
---@return string
function lib.tiny() end

return lib
