---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Connections by WebSocket.
---@class net.websocket.library
local lib = {}

return lib
