---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Signals of the system.
---@class util.signal.library
local lib = {}

---Calls when a signal comes.
---@param signal string|integer
---@param handler? function
---@param sync? boolean
---@return boolean
function lib.signal(signal, handler, sync) end

return lib
