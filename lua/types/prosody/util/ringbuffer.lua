---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---A queue of bytes of a fixed size.
---@class util.ringbuffer.library
local lib = {}

---A buffer with methods write, read, readuntil, discard, find, sub, byte, length, size, free.
---@param size? integer
---@return table
function lib.new(size) end

return lib
