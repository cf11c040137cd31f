---@meta
-- Made by `go generate ./host/internal/luabridge/luaapi` from the list there. For editors; nothing runs it.

---Connections: listeners are tables of callbacks (onconnect, onincoming, ondisconnect …), which get connections with methods write, close, ip …
---@class net.server.library
local lib = {}

---Calls back after some seconds.
---@param delay number
---@param callback function
---@return table
function lib.add_task(delay, callback) end

---Connects.
---@param address string
---@param port integer
---@param listeners table
---@param read_size? any
---@param tls? table
---@param type? string
---@return table?
---@return string?
function lib.addclient(address, port, listeners, read_size, tls, type) end

---The older form of listen.
---@param address string
---@param port integer
---@param listeners table
---@param read_size? any
---@param tls? table
---@return table?
---@return string?
function lib.addserver(address, port, listeners, read_size, tls) end

---Does nothing.
---@param settings table
function lib.changesettings(settings) end

---Ends all connections and listening.
function lib.closeall() end

---"go".
---@return string
function lib.get_backend() end

---Hands on what a connection receives to another.
---@param from table
---@param to table
---@param read_size? integer
---@return table
function lib.link(from, to, read_size) end

---Listens.
---@param address string
---@param port integer
---@param listeners table
---@param options? table
---@return table?
---@return string?
function lib.listen(address, port, listeners, options) end

---Does nothing.
---@param config table
function lib.set_config(config) end

---Ends all connections and listening, if true.
---@param quitting any
function lib.setquitting(quitting) end

---Calls back while a file descriptor can be read or written, until close.
---@param fd any
---@param onreadable? function
---@param onwritable? function
---@return table?
---@return string?
function lib.watchfd(fd, onreadable, onwritable) end

---Makes a connection of a client's socket.
---@param socket table
---@param address string
---@param port integer
---@param listeners table
---@param read_size? any
---@param tls? table
---@return table?
---@return string?
function lib.wrapclient(socket, address, port, listeners, read_size, tls) end

---Makes a listener of a socket.
---@param socket table
---@param address string
---@param port integer
---@param listeners table
---@param read_size? any
---@param tls? table
---@return table?
---@return string?
function lib.wrapserver(socket, address, port, listeners, read_size, tls) end

return lib
