---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Objects with events.
---@class util.events.library
local lib = {}

---Makes one, with methods add_handler, remove_handler, fire_event, add_handlers, remove_handlers, get_handlers and wrappers.
---@return util.events
function lib.new() end

return lib
