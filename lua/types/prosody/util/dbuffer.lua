---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---A queue of bytes that grows.
---@class util.dbuffer.library
local lib = {}

---A buffer with methods write, read, read_until, read_chunk, discard, sub, byte, length, collapse.
---@param max_size? integer
---@param max_chunks? integer
---@return table?
function lib.new(max_size, max_chunks) end

return lib
