---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---JSON pointers (RFC 6901).
---@class util.jsonpointer.library
local lib = {}

---What a pointer leads to.
---@param value any
---@param pointer string
---@return any
---@return string?
function lib.resolve(value, pointer) end

return lib
