---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Sockets of the file system; the library itself can be called like stream.
---@class socket.unix.library
local lib = {}

---A socket with the methods of socket.tcp, whose addresses are paths.
---@return table
function lib.stream() end

---The same.
---@return table
function lib.tcp() end

return lib
