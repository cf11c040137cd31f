---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The collector of memory.
---@class util.gc.library
local lib = {}

---Takes settings.
---@param user? table
---@param defaults? table
---@return boolean?
---@return string?
function lib.configure(user, defaults) end

return lib
