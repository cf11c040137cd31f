---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What is there of LuaSocket.
---@class socket.library
local lib = {}

---Listens.
---@param address string
---@param port integer
---@param backlog? integer
---@return table?
---@return string?
function lib.bind(address, port, backlog) end

---Connects.
---@param address string
---@param port integer
---@param local_address? string
---@param local_port? integer
---@return table?
---@return string?
function lib.connect(address, port, local_address, local_port) end

---Connects.
---@param address string
---@param port integer
---@param local_address? string
---@param local_port? integer
---@return table?
---@return string?
function lib.connect4(address, port, local_address, local_port) end

---Connects.
---@param address string
---@param port integer
---@param local_address? string
---@param local_port? integer
---@return table?
---@return string?
function lib.connect6(address, port, local_address, local_port) end

lib.dns = {}

---A list of {family, addr}.
---@param name string
---@return table?
---@return string?
function lib.dns.getaddrinfo(name) end

---The name of this machine.
---@return string
function lib.dns.gethostname() end

---The name of an address.
---@param address string
---@return string?
---@return string?
function lib.dns.tohostname(address) end

---An address of a host.
---@param name string
---@return string?
---@return string?
function lib.dns.toip(name) end

---Seconds since 1970.
---@return number
function lib.gettime() end

---Waits; others go on.
---@param seconds number
function lib.sleep(seconds) end

---Makes a TCP socket, with LuaSocket's methods. They wait; others go on.
---@return table?
---@return string?
function lib.tcp() end

---Makes a TCP socket, with LuaSocket's methods. They wait; others go on.
---@return table?
---@return string?
function lib.tcp4() end

---Makes a TCP socket, with LuaSocket's methods. They wait; others go on.
---@return table?
---@return string?
function lib.tcp6() end

---Makes a UDP socket.
---@return table?
---@return string?
function lib.udp() end

---Makes a UDP socket.
---@return table?
---@return string?
function lib.udp4() end

---Makes a UDP socket.
---@return table?
---@return string?
function lib.udp6() end

return lib
