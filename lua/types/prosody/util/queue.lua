---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---A queue of a fixed size.
---@class util.queue.library
local lib = {}

---A queue with methods push, pop, peek, replace, count, items, consume.
---@param size integer
---@param allow_wrapping? boolean
---@return table
function lib.new(size, allow_wrapping) end

return lib
