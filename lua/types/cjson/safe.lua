---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---JSON (lua-cjson) that returns nil and an error.
return require "cjson"
