---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Timers; module:add_timer is what modules need.
---@class util.timer.library
local lib = {}

---Calls back after some seconds.
---@param delay number
---@param callback fun(now: number, id: table, param: any): number?
---@param param? any
---@return table
function lib.add_task(delay, callback, param) end

---Gives a timer another time.
---@param id table
---@param delay number
function lib.reschedule(id, delay) end

---Ends a timer.
---@param id table
function lib.stop(id) end

return lib
