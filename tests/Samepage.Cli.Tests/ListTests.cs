using System.Text.Json;

namespace Samepage.Cli.Tests;

public sealed class ListTests : CliTest
{
    [Fact]
    public void Nothing_alive_is_a_header_and_an_empty_array()
    {
        Assert.Equal("NAME\tKIND\tSIZE\tRESIDENT\tSTATE\tHOLDERS\n", Succeed("ls").Text);
        Assert.Equal(0, Json("ls", "--json").GetArrayLength());
    }

    [Fact]
    public void Every_kind_is_listed_with_size_state_and_holder()
    {
        Running section = Create("section", "zzj", "--size", "4096");
        Create("mutex", "lock");
        Create("event", "ready", "--manual", "--set");
        Create("semaphore", @"Global\slots", "--initial", "2", "--max", "5");

        string[][] rows = [.. Succeed("ls").Lines.Select(l => l.Split('\t'))];
        Assert.All(rows, row => Assert.Equal(6, row.Length));
        Assert.Equal(["NAME", @"Global\slots", "lock", "ready", "zzj"], rows.Select(r => r[0]));
        Assert.Equal(["semaphore", "mutex", "event", "section"], rows.Skip(1).Select(r => r[1]));
        Assert.Equal(["2 of 5", "free", "set, manual", "committed"], rows.Skip(1).Select(r => r[4]));
        Assert.Equal("4096", rows[4][2]);
        Assert.StartsWith($"{section.Id} ", rows[4][5], StringComparison.Ordinal);
    }

    [Fact]
    public void Json_has_the_documented_shape()
    {
        Running section = Create("section", "zzj", "--size", "4K");
        Create("event", "ready");

        JsonElement all = Json("ls", "--json");
        JsonElement signal = all[0];
        JsonElement memory = all[1];
        Assert.Equal("ready", signal.GetProperty("name").GetString());
        Assert.Equal("event", signal.GetProperty("kind").GetString());
        Assert.False(signal.GetProperty("state").GetProperty("isSignaled").GetBoolean());
        Assert.False(signal.GetProperty("state").GetProperty("isManualReset").GetBoolean());
        Assert.False(signal.TryGetProperty("size", out _));
        Assert.Equal("section", memory.GetProperty("kind").GetString());
        Assert.Equal("local", memory.GetProperty("scope").GetString());
        Assert.Equal("readWrite", memory.GetProperty("protection").GetString());
        Assert.Equal(4096, memory.GetProperty("size").GetInt64());
        Assert.Equal(4096, memory.GetProperty("committedSize").GetInt64());
        Assert.Equal(section.Id, memory.GetProperty("creatorProcessId").GetInt32());
        Assert.Equal(section.Id, memory.GetProperty("holders")[0].GetProperty("processId").GetInt32());
        Assert.InRange(DateTimeOffset.UtcNow - memory.GetProperty("created").GetDateTimeOffset(), TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1));
        Assert.False(memory.TryGetProperty("state", out _));
    }

    [Fact]
    public void A_kind_narrows_the_list()
    {
        Create("section", "zzj", "--size", "1");
        Create("mutex", "lock");
        JsonElement found = Json("ls", "--json", "--kind", "mutex");
        Assert.Equal("lock", Assert.Single(found.EnumerateArray()).GetProperty("name").GetString());
        foreach (string channel in new[] { "pipe", "topic", "queue", "cell", "cell-map" })
            Assert.Empty(Json("ls", "--json", "--kind", channel).EnumerateArray());
        // A tether has no name of its own: there are none to list.
        foreach (string none in new[] { "socket", "tether" })
            Assert.Contains("Choose from", Fail(2, "ls", "--kind", none), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_cannot_speak_to_the_terminal_or_break_a_line()
    {
        const string Name = "a\u001b[31mb\nc\u202ed";
        Create("mutex", Name);
        Outcome plain = Succeed("ls");
        Assert.Equal(2, plain.Lines.Length);
        Assert.StartsWith(@"a\u001b[31mb\u000ac\u202ed" + "\t", plain.Lines[1], StringComparison.Ordinal);
        Assert.Equal(Name, Json("ls", "--json")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void At_a_terminal_there_are_colours_unless_they_are_unwanted()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1), which makes a terminal, is not installed.");
        Create("mutex", "lock");
        Assert.Contains("\u001b[38;5;11mmutex", Shell("unset NO_COLOR; script -qec \"$samepage ls\" /dev/null").End().Text, StringComparison.Ordinal);
        string uncoloured = Shell("NO_COLOR=1 script -qec \"$samepage ls\" /dev/null").End().Text;
        Assert.Contains("mutex", uncoloured, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b[38", uncoloured, StringComparison.Ordinal);
        Assert.DoesNotContain("\u001b", Succeed("ls").Text, StringComparison.Ordinal);
    }
}
