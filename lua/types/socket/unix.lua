---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Sockets of this machine (LuaSocket). The library can be called, too.
---@class socket.unix.library
local lib = {}

---A socket.
---@return table
function lib.stream() end

---The same.
---@return table
function lib.tcp() end

return lib
