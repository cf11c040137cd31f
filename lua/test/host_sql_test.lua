local t = require "test.harness";
local sql = require "util.sql";
local DBI = require "DBI";

local engine = sql:create_engine({ driver = "SQLite3", database = ":memory:" }, function (self) self.greeted = true; end);
local people = sql.Table {
	name = "people";
	sql.Column { name = "id", type = "INTEGER", primary_key = true, auto_increment = true };
	sql.Column { name = "name", type = "MEDIUMTEXT", nullable = false };
	sql.Column { name = "age", type = "INTEGER" };
	sql.Index { name = "people_name", unique = true, "name" };
};

local function names()
	local list = {};
	local ok, rows = engine:transaction(function () return engine:select("SELECT \"name\" FROM \"people\" ORDER BY \"id\""); end);
	for row in ok and rows do table.insert(list, row[1]); end
	return list;
end

t.case("a schema", function ()
	t.same({ engine:transaction(function () return people:create(engine) ~= nil; end) }, { true, true });
	t.same(engine.greeted, true);
	t.same(sql.is_table(people), true);
end);

t.case("changes tell how many rows there were", function ()
	local ok, result = engine:transaction(function ()
		engine:insert("INSERT INTO \"people\" (\"name\", \"age\") VALUES (?, ?)", "romeo", 17);
		engine:insert("INSERT INTO \"people\" (\"name\", \"age\") VALUES (?, ?)", "juliet", nil);
		return engine:update("UPDATE \"people\" SET \"age\" = ?", 13.5);
	end);
	t.same({ ok, result:affected() }, { true, 2 });
	t.same(names(), { "romeo", "juliet" });
end);

t.case("what raises changes nothing", function ()
	local ok, err = engine:transaction(function ()
		engine:insert("INSERT INTO \"people\" (\"name\") VALUES (?)", "tybalt");
		error("a plague", 0);
	end);
	t.same({ ok, err }, { false, "a plague" });
	ok = engine:transaction(function () engine:insert("INSERT INTO \"people\" (\"name\") VALUES (?)", "romeo"); end);
	t.same(ok, false);
	t.same(names(), { "romeo", "juliet" });
end);

t.case("statements of DBI", function ()
	local conn = DBI.Connect("SQLite3", ":memory:");
	conn:autocommit(true);
	t.same(DBI.Do(conn, "CREATE TABLE t (a TEXT, b INTEGER)"), 0);
	t.same(DBI.Do(conn, "INSERT INTO t VALUES (?, ?)", "x'y", 2), 1);
	local statement = conn:prepare("SELECT * FROM t WHERE a = ?");
	t.same({ statement:execute("x'y") }, { true });
	t.same(statement:columns(), { "a", "b" });
	for row in statement:rows(true) do t.same(row, { a = "x'y", b = 2 }); end
	t.same(statement:fetch(), nil);
	t.same((conn:prepare("SELEKT")), nil);
	t.same(conn:quote("x'y"), "x''y");
	t.same({ conn:ping(), conn:close() }, { true, true });
end);

t.case("drivers that are not there", function ()
	t.raises("Cannot load driver MySQL%. Available drivers are: SQLite3", DBI.Connect, "MySQL", "prosody");
	local other = sql:create_engine({ driver = "PostgreSQL", database = "prosody" });
	local ok, err = other:transaction(function () end);
	t.same(ok, false);
	t.same(err:match("Cannot load driver PostgreSQL"), "Cannot load driver PostgreSQL");
	t.same(sql.db2uri { driver = "MySQL", database = "prosody", host = "db", username = "u" }, "MySQL://u@dbprosody");
end);

return t.finish();
