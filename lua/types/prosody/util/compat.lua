---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What older Lua lacks.
---@class util.compat.library
local lib = {}

---xpcall with arguments.
---@param f function
---@param handler function
---@param ... any
---@return boolean
---@return any
function lib.xpcall(f, handler, ...) end

return lib
