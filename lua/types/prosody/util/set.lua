---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Sets, with methods add, remove, contains, items, add_list, include, exclude, empty and the operators + - * / ^.
---@class util.set.library
local lib = {}

---What is in the first only.
---@param a util.set
---@param b util.set
---@return util.set
function lib.difference(a, b) end

---What is in both.
---@param a util.set
---@param b util.set
---@return util.set
function lib.intersection(a, b) end

---Whether a value is one.
---@param value any
---@return boolean
function lib.is_set(value) end

---A set of a list's values.
---@param list? table
---@return util.set
function lib.new(list) end

---What is in one of them.
---@param a util.set
---@param b util.set
---@return util.set
function lib.union(a, b) end

---What is in one only.
---@param a util.set
---@param b util.set
---@return util.set
function lib.xor(a, b) end

return lib
