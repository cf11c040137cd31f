---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Promises. They have methods next(resolved, rejected), catch(rejected) and finally(f).
---@class util.promise.library
local lib = {}

---Waits for all; broken if one is.
---@param promises table
---@return util.promise
function lib.all(promises) end

---Waits for all, kept or broken.
---@param promises table
---@return util.promise
function lib.all_settled(promises) end

---Waits for the first that is kept.
---@param promises table
---@return util.promise
function lib.any(promises) end

---Whether a value is one.
---@param value any
---@return boolean
function lib.is_promise(value) end

---Calls with the values of all.
---@param handler function
---@param ... util.promise
---@return util.promise
function lib.join(handler, ...) end

---Makes one.
---@param f fun(resolve: fun(value: any), reject: fun(reason: any))
---@return util.promise
function lib.new(f) end

---Waits for the first.
---@param promises table
---@return util.promise
function lib.race(promises) end

---One that is broken.
---@param reason any
---@return util.promise
function lib.reject(reason) end

---One that is kept.
---@param value any
---@return util.promise
function lib.resolve(value) end

---Does nothing.
---@param f function
function lib.set_nexttick(f) end

---Calls f and promises its result.
---@param f function
---@return util.promise
function lib.try(f) end

return lib
