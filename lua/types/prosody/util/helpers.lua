---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---For the console: what happens.
---@class util.helpers.library
local lib = {}

---A variable that a function has from outside.
---@param f function
---@param wanted string
---@return any
function lib.get_upvalue(f, wanted) end

---Logs all events of an object.
---@param events util.events
---@param name? string
---@param logger? function
function lib.log_events(events, name, logger) end

---Logs all events of a host.
---@param host string
function lib.log_host_events(host) end

---Ends that.
---@param events util.events
function lib.revert_log_events(events) end

---Ends that.
---@param host string
function lib.revert_log_host_events(host) end

---Who hooks what.
---@param events util.events
---@param only? string
---@return string
function lib.show_events(events, only) end

return lib
