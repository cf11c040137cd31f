---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What affiliations of pubsub services may do.
---@class util.pubsub.capabilities.library
local lib = {}

return lib
