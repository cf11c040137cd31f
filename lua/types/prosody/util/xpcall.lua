---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---xpcall with arguments.
---@class util.xpcall.library
local lib = {}

---xpcall with arguments.
---@param f function
---@param handler function
---@param ... any
---@return boolean
---@return any
function lib.xpcall(f, handler, ...) end

return lib
