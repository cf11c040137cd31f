---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Waiting in handlers: only the session they work for stands still.
---@class util.async.library
local lib = {}

---What a runner without a function does.
---@param f function
---@param ... any
---@return any
function lib.default_runner_func(f, ...) end

---A function that lets one in at a time for each id, and returns what lets the next in.
---@return fun(id: string): fun()
function lib.guarder() end

---Whether one may wait here.
---@return boolean
function lib.ready() end

---What runs functions one after the other.
---@param f? function
---@param watchers? table
---@param data? any
---@return table
function lib.runner(f, watchers, data) end

---Does nothing.
---@param f function
function lib.set_nexttick(f) end

---Does nothing.
---@param f function
function lib.set_schedule_function(f) end

---Waits.
---@param seconds number
function lib.sleep(seconds) end

---The older name of wait_for.
---@param promise util.promise|any
---@return any
---@return any
function lib.wait(promise) end

---Waits for a promise; gives its value, or nil and the error.
---@param promise util.promise|any
---@return any
---@return any
function lib.wait_for(promise) end

---Two functions: wait, and done, which is to be called n times.
---@param n? integer
---@param allow_many? boolean
---@return fun()
---@return fun()
function lib.waiter(n, allow_many) end

return lib
