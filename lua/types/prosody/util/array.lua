---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Lists with methods: array { 1, 2 } makes one.
---@class util.array.library
---@overload fun(list?: table): util.array
local lib = {}

---The values of an iterator.
---@param f function
---@param state? any
---@param var? any
---@return util.array
function lib.collect(f, state, var) end

---Puts the values into a list that keep wants.
---@param to table
---@param from table
---@param keep fun(value: any): boolean
---@return util.array
function lib.filter(to, from, keep) end

---Puts f of each value into a list.
---@param to table
---@param from table
---@param f fun(value: any): any
---@return util.array
function lib.map(to, from, f) end

---Puts a field of each value into a list.
---@param to table
---@param from table
---@param key any
---@param default? any
---@return util.array
function lib.pluck(to, from, key, default) end

---Puts the values into a list from the end.
---@param to table
---@param from table
---@return util.array
function lib.reverse(to, from) end

---Puts a part into a list.
---@param to table
---@param from table
---@param first? integer
---@param last? integer
---@return util.array
function lib.slice(to, from, first, last) end

---Puts the values into a list in order.
---@param to table
---@param from table
---@param less? fun(a: any, b: any): boolean
---@return util.array
function lib.sort(to, from, less) end

---Puts each value into a list once.
---@param to table
---@param from table
---@return util.array
function lib.unique(to, from) end

return lib
