---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---What is there of LuaSocket.
---@class socket.library
local lib = {}

---A listening socket.
---@param address string
---@param port integer
---@return table?
---@return string?
function lib.bind(address, port) end

---A connected socket.
---@param host string
---@param port integer
---@return table?
---@return string?
function lib.connect(host, port) end

---The same by IPv4.
---@param host string
---@param port integer
---@return table?
---@return string?
function lib.connect4(host, port) end

---The same by IPv6.
---@param host string
---@param port integer
---@return table?
---@return string?
function lib.connect6(host, port) end

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

---A socket whose calls wait, up to its settimeout; others run meanwhile.
---@return table
function lib.tcp() end

---A socket whose calls wait, up to its settimeout; others run meanwhile.
---@return table
function lib.tcp4() end

---A socket whose calls wait, up to its settimeout; others run meanwhile.
---@return table
function lib.tcp6() end

---A socket whose calls wait, up to its settimeout; others run meanwhile.
---@return table
function lib.udp() end

---A socket whose calls wait, up to its settimeout; others run meanwhile.
---@return table
function lib.udp4() end

---A socket whose calls wait, up to its settimeout; others run meanwhile.
---@return table
function lib.udp6() end

return lib
