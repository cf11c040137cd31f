---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---The same with TLS (LuaSec). Certificates are verified unless the request says verify = "none".
return require "socket.http"
