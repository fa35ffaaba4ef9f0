#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What host_hostile.sh runs: cases that every host must survive, each in a process of its own.

  host_hostile.py BUILD WORK [TEST…]      WORK holds libspy.so, made from spy_plugin.c

A host's manner of failing is an exception or an exit code with a sentence; a signal is a crash.
"""
import json
import os
import resource
import shutil
import struct
import subprocess
import sys
import tempfile
import textwrap
import unittest
import zipfile
from pathlib import Path

from host_common import DOCUMENTS, ROOT, Spy, cli_records

BUILD = WORK = Path()
PAGE = DOCUMENTS + "/ferry.html"
TITLE = "渡口的時刻表"

# How a process of its own opens each adapter: rows(PATH) are (id, title, text) of every record.
OPEN = {
    "python": """
        import quern
        def python(path):
            return [tuple(r.values()) for r in
                    quern.read(path, columns=["id", "title", "text"]).read_all().to_pylist()]
    """,
    "sqlite": """
        import sqlite3
        s = sqlite3.connect(":memory:", check_same_thread=False)
        s.enable_load_extension(True)
        s.load_extension(LIB + "/quern")
        def sqlite(path):
            return s.execute("SELECT id, title, text FROM quern(?)", (path,)).fetchall()
    """,
    "duckdb": """
        import duckdb
        d = duckdb.connect(config={"allow_unsigned_extensions": "true"})
        d.execute(f"LOAD '{LIB}/quern.duckdb_extension'")
        d.execute("SET enable_progress_bar = false")
        def duck(path):
            return d.execute("SELECT id, title, text FROM quern(?)", [path]).fetchall()
    """,
}
CALL = {"python": "python", "sqlite": "sqlite", "duckdb": "duck"}


def run(code, timeout=120, lib=None, **environment):
    head = ("import gc, os, re, signal, sys, threading, time\n"
            f"LIB, F, PAGE = {str(lib or BUILD / 'lib')!r}, {DOCUMENTS!r}, {PAGE!r}\n")
    return subprocess.run([sys.executable, "-X", "faulthandler", "-c", head + code],
                          capture_output=True, text=True, timeout=timeout,
                          env=dict(os.environ, **environment))


def opened(*hosts):
    return "".join(textwrap.dedent(OPEN[host]) for host in hosts)


class Case(unittest.TestCase):
    def prints(self, expected, code, **how):
        done = run(code, **how)
        self.assertEqual((done.returncode, done.stdout), (0, expected), done.stderr)


def loaded_bytes(library):
    """Where the last part ends that a program maps (ELF 64, PT_LOAD); debuggers read what follows."""
    offset, = struct.unpack_from("<Q", library, 32)
    size, count = struct.unpack_from("<HH", library, 54)
    headers = (struct.unpack_from("<IIQQQQ", library, offset + i * size) for i in range(count))
    return max(start + filled for kind, _, start, _, _, filled in headers if kind == 1)


class Plugins(Case):
    """What a host says of a library that it cannot use."""

    def hosts_say(self, path, word, **environment):
        """Every host refuses to load what QUERN_PLUGIN names, and goes on or ends as hosts do."""
        for host in OPEN:
            done = run("try:\n" + textwrap.indent(opened(host) + f"{CALL[host]}(PAGE)\n", " ") +
                       "except Exception as e:\n print('told', e)\nprint('goes on')\n",
                       QUERN_PLUGIN=path, **environment)
            self.assertEqual(done.returncode, 0, (host, done.stderr))
            self.assertIn("told", done.stdout, host)
            self.assertIn(word, done.stdout, host)
            self.assertTrue(done.stdout.endswith("goes on\n"), host)
        done = subprocess.run([BUILD / "bin/quern", "convert", PAGE], capture_output=True, text=True,
                              env=dict(os.environ, QUERN_PLUGIN=path, **environment))
        self.assertEqual(done.returncode, 66, done.stderr)
        self.assertIn(word, done.stderr)
        done = subprocess.run([BUILD / "bin/minimal_host", path, PAGE], capture_output=True,
                              text=True, env=dict(os.environ, **environment))
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertGreater(len(done.stderr), 10)

    def test_what_is_no_plugin_is_an_error_in_every_host(self):
        self.hosts_say("/nowhere/libquern.so", "/nowhere/libquern.so")
        self.hosts_say(str(ROOT / "README.md"), "README.md")
        self.hosts_say(str(BUILD / "lib/quern.so"), "no Quern plugin")

    def test_a_library_that_was_cut_off_is_an_error_in_every_adapter(self):
        whole = (BUILD / "lib/libquern.so").read_bytes()
        with tempfile.TemporaryDirectory() as folder:
            cut = Path(folder) / "libquern.so"
            for share in (0.001, 0.1, 0.5, 0.99):
                cut.write_bytes(whole[:int(loaded_bytes(whole) * share)])
                for host in OPEN:
                    done = run("try:\n" +
                               textwrap.indent(opened(host) + f"{CALL[host]}(PAGE)\n", " ") +
                               "except Exception as e:\n print('told', e)\n", QUERN_PLUGIN=str(cut))
                    self.assertEqual(done.returncode, 0, (host, share, done.stderr))
                    self.assertIn("told", done.stdout, (host, share))
                done = subprocess.run([BUILD / "bin/quern", "convert", PAGE], capture_output=True,
                                      env=dict(os.environ, QUERN_PLUGIN=str(cut)))
                self.assertEqual(done.returncode, 66, (share, done.stderr))

    def test_another_abi_is_an_error_and_a_longer_table_is_none(self):
        for fault in ("major", "short"):
            spy = Spy(self, BUILD, WORK, fault).environment
            self.hosts_say(spy.pop("QUERN_PLUGIN"), "ABI", **spy)
        spy = Spy(self, BUILD, WORK, "minor").environment  # of major 0, each minor may break
        for host in OPEN:
            done = run(f"try:\n{textwrap.indent(opened(host) + f'{CALL[host]}(PAGE)', ' ')}\n"
                       "except Exception as e:\n print('told', e)", **spy)
            self.assertEqual(done.returncode, 0, done.stderr)
            self.assertRegex(done.stdout, r"told .*speaks ABI 0\.\d+, this program 0\.\d+")
        spy = Spy(self, BUILD, WORK, "long").environment
        for host in OPEN:
            self.prints(TITLE + "\n", opened(host) + f"print({CALL[host]}(PAGE)[0][1])", **spy)
        done = subprocess.run([BUILD / "bin/quern", "convert", PAGE], capture_output=True,
                              env=dict(os.environ, **spy))
        self.assertEqual(json.loads(done.stdout)["title"], TITLE)
        done = subprocess.run([BUILD / "bin/minimal_host", spy["QUERN_PLUGIN"], PAGE],
                              capture_output=True, text=True, env=dict(os.environ, **spy))
        self.assertEqual(done.stdout, f"converted\t\t{TITLE}\n")

    def test_no_host_dies_of_a_plugin_whose_texts_are_not_utf8(self):
        spy = Spy(self, BUILD, WORK, "text").environment
        for host in OPEN:
            done = run(opened(host) + f"try:\n {CALL[host]}(PAGE)\nexcept Exception as e:\n"
                       " print('told')\nprint('goes on')", **spy)
            self.assertEqual(done.returncode, 0, (host, done.stderr))
            self.assertTrue(done.stdout.endswith("goes on\n"), (host, done.stdout))
        done = subprocess.run([BUILD / "bin/quern", "convert", PAGE], capture_output=True,
                              env=dict(os.environ, **spy))
        self.assertGreaterEqual(done.returncode, 0)

    def test_a_library_replaced_or_removed_under_a_host_is_still_read(self):
        """By rename or unlink, as packages do it. Overwritten in place no mapped file survives."""
        for replaced in (True, False):
            with tempfile.TemporaryDirectory() as folder:
                for name in ("libquern.so", "quern.so", "quern.duckdb_extension"):
                    shutil.copy(BUILD / "lib" / name, folder)
                change = (f"for n in os.listdir({folder!r}):\n p = os.path.join({folder!r}, n)\n" +
                          (" open(p + '.new', 'w').write('rubbish'); os.rename(p + '.new', p)\n"
                           if replaced else " os.unlink(p)\n"))
                self.prints(
                    f"{TITLE}\n" * 3, opened(*OPEN) + "python(PAGE)\n" + change +
                    "print(python(PAGE)[0][1])\nprint(sqlite(PAGE)[0][1])\nprint(duck(PAGE)[0][1])\n",
                    lib=folder, QUERN_PLUGIN=folder + "/libquern.so")


class Together(Case):
    """Three adapters in one process."""

    def test_they_read_the_same_over_one_core_or_one_each(self):
        for order in (("python", "sqlite", "duckdb"), ("duckdb", "python", "sqlite"),
                      ("sqlite", "duckdb", "python")):
            for core in ({}, {"QUERN_PLUGIN": str(BUILD / "lib/libquern.so")}):
                self.prints(
                    f"True {len(cli_records(BUILD, DOCUMENTS))} {1 if core else 2}\n",
                    opened(*order) +
                    "found = [sorted(f(F), key=str) for f in (python, sqlite, duck)]\n"
                    "cores = {line.split()[-1] for line in open('/proc/self/maps')"
                    " if 'libquern.so' in line}\n"
                    "print(found[0] == found[1] == found[2], len(found[0]), len(cores))", **core)

    def test_they_read_side_by_side_in_threads(self):
        self.prints("[]\n", opened(*OPEN) + textwrap.dedent("""
            expected, wrong = sorted(python(F), key=str), []
            def pull(read):
                for _ in range(5):
                    try:
                        if sorted(read(F), key=str) != expected:
                            wrong.append(read.__name__)
                    except Exception as error:
                        wrong.append(error)
            threads = [threading.Thread(target=pull, args=(f,)) for f in (python, sqlite, duck)]
            [t.start() for t in threads]
            [t.join() for t in threads]
            print(wrong)
        """))

    def test_each_may_end_first_in_the_middle_and_on_another_thread(self):
        ends = {"python": "reader.close()", "sqlite": "cursor.close(); s.close()",
                "duckdb": "result.close(); d.close()"}
        for first in ends:
            rest = [host for host in ends if host != first]
            self.prints("1\n" * 2, opened(*OPEN) + textwrap.dedent(f"""
                reader = quern.read(F, batch_rows_max=1)
                batches = iter(reader); next(batches)
                cursor = s.execute("SELECT id FROM quern(?, '{{\\"batch_rows_max\\": 1}}')", (F,))
                cursor.fetchone()
                result = d.cursor().execute("SELECT id FROM quern(?, batch_rows_max := 1)", [F])
                result.fetchone()
                thread = threading.Thread(target=lambda: ({ends[first].replace(';', ',')}))
                thread.start(); thread.join(); gc.collect()
                more = {{"python": lambda: next(batches).num_rows,
                         "sqlite": lambda: len(cursor.fetchmany(1)),
                         "duckdb": lambda: len(result.fetchmany(1))}}
                for host in {rest!r}:
                    print(more[host]())
            """))


class Ends(Case):
    """Batches, readers and processes that end in an order nobody planned."""

    def test_what_came_out_may_be_let_go_in_atexit_on_a_thread_and_after_the_interpreter(self):
        self.prints("1 1\n17\n", opened("python", "sqlite") + textwrap.dedent("""
            import atexit, builtins, pyarrow
            reader = quern.read(F, batch_rows_max=1)
            batches = iter(reader)
            stream = pyarrow.RecordBatchReader.from_stream(quern.read(F, batch_rows_max=1))
            batch, other = next(batches), stream.read_next_batch()
            class Late:
                def __del__(self):
                    self.kept = None
            sys.modules["late"] = builtins.late = Late()
            builtins.late.kept = [next(batches), quern.read(F).__arrow_c_stream__(),
                                  s.execute("SELECT id FROM quern(?)", (F,)), iter(quern.plan(F))]
            def end():
                global batch, stream, reader
                print(stream.read_next_batch().num_rows, next(batches).num_rows)
                thread = threading.Thread(target=stream.close)
                thread.start(); thread.join()
                reader.close()
                del batch, stream, reader
                print(len(python(F)))
            atexit.register(end)
        """))

    def test_a_process_may_end_while_daemon_threads_read(self):
        """Without pyarrow, which aborts such a process itself (before Python 3.14) now and then."""
        for _ in range(3):
            self.prints("end\n", 'import sys; sys.modules["pyarrow"] = None\n' +
                        opened("python", "sqlite") + textwrap.dedent("""
                def pull(read):
                    while True:
                        read()
                for read in (lambda: list(quern.read(F, batch_rows_max=1)),
                             lambda: quern.convert(b"<p>x").__arrow_c_stream__(),
                             lambda: sqlite(F)):
                    threading.Thread(target=pull, args=(read,), daemon=True).start()
                time.sleep(0.5)
                print("end", flush=True)
            """))

    def test_a_forked_child_is_told_and_reads_anew(self):
        self.prints("forked forked forked forked\nanew\n0 rest\n",
                    opened("python", "sqlite") + textwrap.dedent("""
            reader = quern.read(F, batch_rows_max=1)
            batches, plan = iter(reader), quern.plan(F, split_inputs_max=1)
            next(batches); next(plan)
            conversion = quern.convert(b"<p>x")
            cursor = s.execute("SELECT id FROM quern(?, '{\\"batch_rows_max\\": 1}')", (F,))
            cursor.fetchone()
            def told(call):
                try:
                    call()
                    return "nothing"
                except Exception as error:
                    return "forked" if "forked" in str(error) else repr(error)
            child = os.fork()
            if child == 0:
                signal.alarm(60)
                print(told(lambda: next(batches)), told(lambda: next(plan)),
                      told(conversion.read_all), told(cursor.fetchall), flush=True)
                del reader, batches, plan, conversion, cursor
                gc.collect()
                if len(python(F)) == len(sqlite(F)) > 8:
                    print("anew", flush=True)
                os._exit(0)
            print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]),
                  "rest" if len(cursor.fetchall()) > 8 and len(list(batches)) > 8
                  and len(list(plan)) > 3 else "lost")
        """))

    def test_pools_of_processes_read_after_their_parent_has_read(self):
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder) / "pool.py"
            script.write_text(textwrap.dedent(f"""
                import multiprocessing, quern
                def count(_):
                    return quern.read({DOCUMENTS!r}, columns=["id"]).read_all().num_rows
                if __name__ == "__main__":
                    expected = count(0)
                    for method in ("fork", "spawn", "forkserver"):
                        with multiprocessing.get_context(method).Pool(2) as pool:
                            print(method, pool.map(count, range(4)) == [expected] * 4)
            """))
            done = subprocess.run([sys.executable, script], capture_output=True, text=True,
                                  timeout=120)
            self.assertEqual(done.stdout, "fork True\nspawn True\nforkserver True\n", done.stderr)


@unittest.skipIf("asan" in os.environ.get("LD_PRELOAD", ""), "its shadow does not fit any RLIMIT_AS")
class Memory(Case):
    """Less memory than a document needs: a failed record or an error, and then everything again."""

    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        page = "<!doctype html><title>t</title>" + "".join(
            f"<p>段落 {i} 的文字 <b>粗</b></p>\n" for i in range(100000))
        for name in "ab":
            (Path(cls.folder.name) / f"{name}.html").write_text(page)

    def test_an_adapter_says_so_and_recovers(self):
        for host in OPEN:
            # DuckDB's own allocator (jemalloc) crashes in its idle threads when memory is out.
            alone = 'd.execute("SET threads = 1")\n' if host == "duckdb" else ""
            done = run(opened(host) + alone + textwrap.dedent(f"""
                import resource
                big = {self.folder.name!r}
                {CALL[host]}(PAGE)
                used = int(re.search(r"VmSize:\\s+(\\d+)", open("/proc/self/status").read())[1]) << 10
                kinds = set()
                for mib in (1, 8, 20, 40, 60, 90, 130, 200):
                    resource.setrlimit(resource.RLIMIT_AS, (used + (mib << 20), -1))
                    try:
                        kinds.add("rows" if all(row[2] for row in {CALL[host]}(big)) else "failed")
                    except Exception as error:
                        kinds.add("told")
                resource.setrlimit(resource.RLIMIT_AS, (-1, -1))
                found = {CALL[host]}(big)
                print(len(found), all(len(row[2]) > 1000000 for row in found))
                print(bool(kinds & {{"told", "failed"}}))
            """))
            self.assertEqual((done.returncode, done.stdout), (0, "2 True\nTrue\n"),
                             (host, done.stderr[-2000:]))

    def test_the_command_and_the_smallest_host_end_with_a_code(self):
        page = Path(self.folder.name) / "a.html"
        for command in ([BUILD / "bin/quern", "convert", page],
                        [BUILD / "bin/minimal_host", BUILD / "lib/libquern.so", page]):
            codes = set()
            for mib in (4, 12, 20, 28, 36, 50, 70, 100, 150, 1000):
                done = subprocess.run(
                    command, capture_output=True, timeout=60,
                    preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (mib << 20, mib << 20)))
                # Below some 20 MiB the loader itself ends a program, in the shell's 127 or by a signal.
                if mib >= 36:
                    self.assertGreaterEqual(done.returncode, 0, (command[0].name, mib, done.stderr))
                    codes.add(done.returncode)
            self.assertIn(0, codes, command[0].name)
            self.assertGreater(len(codes), 1 if command[0].name == "quern" else 0)


HOSTILE = {
    "cut.txt": "文字".encode()[:-1] + b"\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80 a",
    "nul.txt": b"a\0b\0\0c " + "字".encode(),
    "nul.html": b"<title>t\0i</title><p>a\0b&#0;c&#xD800;d&#x110000;e&#xFFFE;f\xef\xbf\xbf\xef\xb7\x90",
    "surrogates.html": b"<meta charset=utf-8><title>\xed\xa0\xbd\xed\xb8\x80</title><p>x\xed\xb2\x80y",
    "utf16.txt": "\ufeffab".encode("utf-16-le") + b"\x00\xd8\x41\x00\x00\xdc\xff\xff\x00",
    "gbk.html": b"<meta charset=gbk><title>\xb2\xbb\xff\x81\x30</title><p>\x80\xa1\xa1\xff<a href='\xff\0'>",
    "keywords.html": b"<meta name=keywords content='\xff,\0,\xed\xa0\x80'><meta name=author content='\0'><p>x",
}


class Text(Case):
    """Text with anything invalid never reaches a host."""

    def strings(self, value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for inner in value.values():
                yield from self.strings(inner)
        elif isinstance(value, list):
            for inner in value:
                yield from self.strings(inner)

    def test_documents_and_names_of_any_bytes_become_valid_text_in_every_host(self):
        with tempfile.TemporaryDirectory() as folder:
            for name, content in HOSTILE.items():
                (Path(folder) / name).write_bytes(content)
                Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xed\xa0\x80 " +
                                 name.encode())).write_bytes(content)
            with zipfile.ZipFile(Path(folder) / "names.zip", "w") as archive:
                for i, name in enumerate(("aaaa.txt", "bbbb.txt")):
                    archive.writestr(name, HOSTILE["cut.txt"])
            packed = (Path(folder) / "names.zip").read_bytes()
            (Path(folder) / "names.zip").write_bytes(
                packed.replace(b"aaaa.txt", b"\xff\xed\xa0\x80.txt").replace(b"bbbb", b"b\x00\xc0\x80"))
            expected = cli_records(BUILD, folder)
            self.assertGreater(len(expected), 2 * len(HOSTILE))
            for text in self.strings(list(expected.values())):
                self.assertEqual(text.encode().decode(), text)
                self.assertNotIn("\0", text)
            done = run(opened(*OPEN) + textwrap.dedent(f"""
                import json
                table = quern.read({folder!r}).read_all()
                table.validate(full=True)
                s.execute("CREATE TABLE kept AS SELECT * FROM quern(?)", ({folder!r},))
                names = [row[1] for row in s.execute("PRAGMA table_info(kept)")]
                lite = [dict(zip(names, row)) for row in s.execute("SELECT * FROM kept")]
                nul = s.execute("SELECT count(*) FROM kept WHERE instr(CAST(title AS BLOB), x'00')"
                                " OR instr(CAST(text AS BLOB), x'00')").fetchone()[0]
                d.execute("CREATE TABLE kept AS SELECT * FROM quern(?)", [{folder!r}])
                sql = "SELECT id, title, text, member, url, keywords, author FROM kept"
                duck = {{r[0]: list(r[1:]) for r in d.execute(sql).fetchall()}}
                print(json.dumps([
                    {{r["id"]: [r[c] for c in ("title", "text", "member", "url", "keywords",
                                               "author")] for r in table.to_pylist()}},
                    {{r["id"]: [r["title"], r["text"], r["member"], r["url"],
                                r["keywords"] and json.loads(r["keywords"]), r["author"]]
                      for r in lite}}, duck, nul]))
            """))
            self.assertEqual(done.returncode, 0, done.stderr)
            *found, nul = json.loads(done.stdout)
            self.assertEqual(nul, 0)
            wanted = {id_: [r[c] for c in ("title", "text", "member", "url", "keywords", "author")]
                      for id_, r in expected.items()}
            for rows in found:
                self.assertEqual(rows, wanted)

    def test_options_and_paths_that_are_no_text_are_refused_in_each_hosts_manner(self):
        done = run(opened(*OPEN) + textwrap.dedent("""
            def told(word, call):
                try:
                    call()
                    print("NOT REFUSED", word)
                except Exception as error:
                    print(word if word in str(error) else repr(error))
            told("valid", lambda: quern.read(F, contact="\\ud800"))
            told("U+0000", lambda: quern.read(F, contact="a\\0b"))
            told("file:", lambda: quern.read("\\ud800"))
            told("UTF-8", lambda: s.execute("SELECT * FROM quern(?, CAST(? AS TEXT))",
                                            (F, b'{"contact":"\\xff"}')).fetchall())
            told("file:", lambda: s.execute("SELECT * FROM quern(CAST(? AS TEXT))",
                                            (b"/tmp/\\xff",)).fetchall())
            told("NUL", lambda: s.execute("SELECT * FROM quern(?)", ("a\\0b",)).fetchall())
            told("U+0000", lambda: d.execute("SELECT quern_convert('a'::BLOB, 'a' || chr(0))")
                 .fetchall())
        """))
        self.assertEqual(done.stdout.split("\n")[:-1],
                         ["valid", "U+0000", "file:", "UTF-8", "file:", "NUL", "U+0000"], done.stderr)
        done = subprocess.run([BUILD / "bin/quern", "convert", "--set", b"contact=\xff", PAGE],
                              capture_output=True)
        self.assertEqual(done.returncode, 64, done.stderr)


if __name__ == "__main__":
    BUILD, WORK = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    unittest.main(argv=sys.argv[:1] + sys.argv[3:], verbosity=1)
