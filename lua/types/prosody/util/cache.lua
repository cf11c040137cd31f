---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Caches that forget what was used least recently.
---@class util.cache.library
local lib = {}

---A cache with methods get, set, table, items, keys, values, count, head, tail, clear, resize.
---@param size integer
---@param evicted? fun(key: any, value: any): any
---@return table
function lib.new(size, evicted) end

return lib
