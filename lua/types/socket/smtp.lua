---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Mail (LuaSocket).
---@class socket.smtp.library
local lib = {}

---A source of the text of a message, { headers, body }.
---@param message table
---@return function
function lib.message(message) end

---Sends what a source gives: from, rcpt, source, server, port, user, password; create asks for TLS.
---@param mail table
---@return integer?
---@return string?
function lib.send(mail) end

return lib
