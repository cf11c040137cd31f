---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What is there of LuaSocket.
---@class socket.library
local lib = {}

---A connection; who uses it waits, others do not.
---@param host string
---@param port integer
---@return table?
---@return string?
function lib.connect(host, port) end

---Seconds since 1970.
---@return number
function lib.gettime() end

---Waits; others go on.
---@param seconds number
function lib.sleep(seconds) end

---A socket for connect, send, receive, settimeout and close.
---@return table
function lib.tcp() end

---The same, for IPv4.
---@return table
function lib.tcp4() end

---The same, for IPv6.
---@return table
function lib.tcp6() end

---A socket for datagrams: setpeername, send, receive.
---@return table
function lib.udp() end

---The same, for IPv4.
---@return table
function lib.udp4() end

---The same, for IPv6.
---@return table
function lib.udp6() end

---A socket of this machine: connect takes a path.
---@return table
function lib.unix() end

return lib
