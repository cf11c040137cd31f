---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Tables.
---@class util.table.library
local lib = {}

---A table with room.
---@param array? integer
---@param hash? integer
---@return table
function lib.create(array, hash) end

---Copies a part of a list.
---@param from table
---@param first integer
---@param last integer
---@param at integer
---@param to? table
---@return table
function lib.move(from, first, last, at, to) end

---A table of values and their number n.
---@param ... any
---@return table
function lib.pack(...) end

return lib
