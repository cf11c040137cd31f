-- util.sql: connections to SQL databases (DBI) with transactions. create_engine(self, params, onconnect, ondisconnect) gives an engine that connects
-- when it is first used; params = { driver, database, username, password, host, port }. Table, Column and Index describe a schema.

local log = require "util.logger".init("sql");
local xpcall = require "util.xpcall".xpcall;
local build_url = require "socket.url".build;
local DBI = require "DBI";

local column_mt, index_mt, query_mt = { __name = "column" }, { __name = "index" }, { __name = "query" };
local table_mt = { __name = "table", __index = {} };

local function Column(definition) return setmetatable(definition, column_mt); end
local function Index(definition) return setmetatable(definition, index_mt); end

local function Table(definition)
	local columns = {};
	for i, part in ipairs(definition) do
		if getmetatable(part) == column_mt then
			columns[i], columns[part.name] = part, part;
		elseif getmetatable(part) == index_mt then
			part.table = definition.name;
		end
	end
	return setmetatable({ __table__ = definition, c = columns, name = definition.name }, table_mt);
end

function table_mt.__index:create(engine) return engine:_create_table(self); end

local engine = {};
local engine_mt = { __index = engine };

function engine:onconnect() end -- luacheck: ignore 212/self
function engine:ondisconnect() end -- luacheck: ignore 212/self

function engine:connect()
	if self.conn then return true; end
	local p = self.params;
	assert(p.driver, "no driver");
	local ok, conn, err = pcall(DBI.Connect, p.driver, p.database, p.username, p.password, p.host, p.port);
	if not ok then
		return false, conn;
	elseif not conn then
		return nil, err;
	end
	conn:autocommit(false);
	self.conn, self.prepared = conn, {};
	ok, err = self:set_encoding();
	if ok then
		ok, err = self:onconnect();
		if ok ~= false then return true; end
	end
	self:close();
	return false, err;
end

function engine:close()
	local conn = self.conn;
	self.conn, self.prepared = nil, nil;
	if conn then
		conn:close();
		self:ondisconnect();
	end
end
engine.disconnect = engine.close;

function engine:set_encoding()
	self.charset = "utf8";
	return true;
end

function engine:prepquery(sql) -- luacheck: ignore 212/self
	return sql;
end

-- Logs a statement with its values, if that was asked for.
function engine:_log(what, sql, ...)
	if not self._debug then return; end
	local values, i = { ... }, 0;
	local shown = sql:gsub("%s+", " "):gsub("%?", function ()
		i = i + 1;
		local v = values[i];
		return type(v) == "string" and "'"..v:gsub("'", "''").."'" or tostring(v);
	end);
	log("debug", "[%s] %s", what, shown);
end

-- The executed statement, which is kept for the next time; nil and why not.
function engine:execute(sql, ...)
	local ok, err = self:connect();
	if not ok then return ok, err; end
	sql = self:prepquery(sql);
	local statement = self.prepared[sql];
	if not statement then
		statement, err = self.conn:prepare(sql);
		if not statement then return statement, err; end
		self.prepared[sql] = statement;
	end
	ok, err = statement:execute(...);
	if not ok then return ok, err; end
	return statement;
end

local result_mt = { __index = {} };
function result_mt.__index:affected() return self._affected; end
function result_mt.__index:rowcount() return self._rowcount; end

local function selector(what)
	return function (self, sql, ...)
		self:_log(what, sql, ...);
		local statement = assert(self:execute(sql, ...));
		local rows, i = {}, 0;
		for row in statement:rows() do rows[#rows+1] = row; end
		return function ()
			i = i + 1;
			return rows[i];
		end;
	end;
end

local function updater(what)
	return function (self, sql, ...)
		self:_log(what, sql, ...);
		local statement = assert(self:execute(sql, ...));
		return setmetatable({ __stmt = statement, _affected = statement:affected(), _rowcount = statement:rowcount() }, result_mt);
	end;
end

engine.execute_query, engine.select = selector("query"), selector("select");
engine.execute_update, engine.insert, engine.update, engine.delete = updater("update"), updater("insert"), updater("update"), updater("delete");

function engine:debug(enable)
	self._debug = enable;
end

local function describe(err)
	return { err = err, traceback = debug.traceback(tostring(err), 3) };
end

function engine:_transaction(f, ...)
	local ok, err = self:connect();
	if not ok then return ok, err; end
	local success, a, b, c = xpcall(f, describe, ...);
	if not success then
		log("debug", "transaction failed: %s", a.traceback);
		if self.conn then self.conn:rollback(); end
		return false, a.err;
	end
	ok, err = self.conn:commit();
	if not ok then
		self.conn:rollback();
		return ok, err or "commit failed";
	end
	return success, a, b, c;
end

-- Runs f in a transaction: true and its results, or false and what it raised. It is tried again if the connection was lost.
function engine:transaction(...)
	local ok, a, b, c = self:_transaction(...);
	if ok then return ok, a, b, c; end
	if self.conn and not self.conn:ping() then
		self:close();
		ok, a, b, c = self:_transaction(...);
	end
	if not ok then log("error", "Error in SQL transaction: %s", a); end
	return ok, a, b, c;
end

local function quoted(names)
	local list = {};
	for i, name in ipairs(names) do list[i] = "\""..name.."\""; end
	return table.concat(list, ", ");
end

function engine:_create_index(index)
	local sql = ("CREATE %sINDEX IF NOT EXISTS \"%s\" ON \"%s\" (%s);"):format(index.unique and "UNIQUE " or "", index.name, index.table, quoted(index));
	self:_log("create", sql);
	return self:execute(sql);
end

local function column_definition(column)
	local sql = "\""..column.name.."\" "..(column.type == "MEDIUMTEXT" and "TEXT" or column.type);
	if column.nullable == false then sql = sql.." NOT NULL"; end
	if column.primary_key then sql = sql.." PRIMARY KEY"; end
	if column.auto_increment then sql = sql.." AUTOINCREMENT"; end
	return sql;
end

function engine:_create_table(definition)
	local columns = {};
	for _, part in ipairs(definition.__table__) do
		if getmetatable(part) == column_mt then columns[#columns+1] = column_definition(part); end
	end
	local sql = ("CREATE TABLE IF NOT EXISTS \"%s\" (%s);"):format(definition.name, table.concat(columns, ", "));
	self:_log("create", sql);
	local ok, err = self:execute(sql);
	for _, part in ipairs(definition.__table__) do
		if ok and getmetatable(part) == index_mt then ok, err = self:_create_index(part); end
	end
	return ok, err;
end

local function db2uri(params)
	return build_url { scheme = params.driver, user = params.username, password = params.password, host = params.host, port = params.port, path = params.database };
end

local function create_engine(_, params, onconnect, ondisconnect)
	return setmetatable({ url = db2uri(params), params = params, onconnect = onconnect, ondisconnect = ondisconnect }, engine_mt);
end

local function is(mt)
	return function (value) return getmetatable(value) == mt; end;
end

return {
	create_engine = create_engine, db2uri = db2uri, Table = Table, Column = Column, Index = Index;
	is_table = is(table_mt), is_column = is(column_mt), is_index = is(index_mt), is_query = is(query_mt);
	Integer = function () return "Integer()"; end, String = function () return "String()"; end;
};
