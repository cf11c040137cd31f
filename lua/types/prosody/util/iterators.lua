---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Iterators of iterators.
---@class util.iterators.library
local lib = {}

---How many there are.
---@param f function
---@param state? any
---@param var? any
---@return integer
function lib.count(f, state, var) end

---Those that keep wants.
---@param keep function|any
---@param f function
---@param state? any
---@param var? any
---@return function
function lib.filter(keep, f, state, var) end

---The first ones.
---@param n integer
---@param f function
---@param state? any
---@param var? any
---@return function
function lib.head(n, f, state, var) end

---Several in turn: has methods append and prepend.
---@param f function
---@param state? any
---@param var? any
---@return table
function lib.join(f, state, var) end

---The keys.
---@param t table
---@return function
function lib.keys(t) end

---Numbers.
---@param first integer
---@param last? integer
---@return function
function lib.range(first, last) end

---From the end.
---@param f function
---@param state? any
---@param var? any
---@return function
function lib.reverse(f, state, var) end

---A list from the end.
---@param list table
---@return function
function lib.ripairs(list) end

---The values from the nth on.
---@param n integer
---@param f function
---@param state? any
---@param var? any
---@return function
function lib.select(n, f, state, var) end

---All but the first ones.
---@param n integer
---@param f function
---@param state? any
---@param var? any
---@return function
function lib.skip(n, f, state, var) end

---Pairs in order of their keys.
---@param t table
---@param less? function
---@return function
function lib.sorted_pairs(t, less) end

---The last ones.
---@param n integer
---@param f function
---@param state? any
---@param var? any
---@return function
function lib.tail(n, f, state, var) end

---The values as a list.
---@param f function
---@param state? any
---@param var? any
---@return table
function lib.to_array(f, state, var) end

---The pairs as a table.
---@param f function
---@param state? any
---@param var? any
---@return table
function lib.to_table(f, state, var) end

---Each once.
---@param f function
---@param state? any
---@param var? any
---@return function
function lib.unique(f, state, var) end

---The values.
---@param t table
---@return function
function lib.values(t) end

return lib
