---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Reading XML streams.
---@class util.xmppstream.library
local lib = {}

---A reader with methods feed, reset, set_session, set_stanza_size_limit.
---@param session table
---@param callbacks table
---@param size_limit? integer
---@return table
function lib.new(session, callbacks, size_limit) end

return lib
