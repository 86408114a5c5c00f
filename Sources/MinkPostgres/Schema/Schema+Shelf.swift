// Which versions of workflows are in use, and what could not be loaded.

extension Schema {
    static let shelfTables = """
        create table shelf(
            singleton boolean primary key default true check (singleton),
            number bigint not null) with (fillfactor = 10);
        insert into shelf(number) values (0);

        create table load_failures(
            folder text collate "C" not null, place bigint not null,
            file text not null, line bigint not null, col bigint not null,
            code text, message text not null,
            at timestamptz not null, at_nanos smallint not null,
            primary key(folder, place));

        """
}
