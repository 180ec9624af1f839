using System.Runtime.Versioning;
using System.Text.Json;

namespace Samepage.Cli.Tests;

public sealed class CareTests : CliTest
{
    private static readonly string[] _severities = ["fine", "warning", "problem"];

    [Fact]
    public void What_a_killed_process_left_is_shown_and_removed()
    {
        Running killed = Create("section", "zzj", "--size", "4096");
        Running alive = Create("mutex", "lock");
        killed.Signal(9);
        killed.End();

        Assert.StartsWith("orphan   \"zzj\", ", Succeed("clean", "--dry-run").Text, StringComparison.Ordinal);
        JsonElement orphan = Assert.Single(Json("clean", "-n", "--json").EnumerateArray());
        Assert.Equal("zzj", orphan.GetProperty("name").GetString());
        Assert.Equal("local", orphan.GetProperty("scope").GetString());
        Assert.False(orphan.GetProperty("removed").GetBoolean());
        Assert.True(orphan.GetProperty("bytes").GetInt64() >= 4096);
        Assert.StartsWith("removed  \"zzj\", ", Succeed("clean").Text, StringComparison.Ordinal);
        Assert.Equal("no orphans\n", Succeed("clean").Text);
        Assert.Equal("lock", Assert.Single(Json("ls", "--json").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal(130, alive.Interrupt().Code);
    }

    [Fact]
    public void Doctor_tells_what_it_sees_and_fails_only_for_problems()
    {
        Outcome outcome = Run("doctor", "--json");
        JsonElement findings = JsonSerializer.Deserialize<JsonElement>(outcome.Bytes);
        Assert.All(findings.EnumerateArray(), f =>
        {
            Assert.Contains(f.GetProperty("severity").GetString(), _severities);
            Assert.NotEmpty(f.GetProperty("subject").GetString()!);
            Assert.NotEmpty(f.GetProperty("observation").GetString()!);
        });
        bool broken = findings.EnumerateArray().Any(f => f.GetProperty("severity").GetString() == "problem");
        Assert.Equal(broken ? 1 : 0, outcome.Code);
        Assert.Contains("kernel: ", Run("doctor").Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Doctor_finds_a_missing_directory_and_says_what_helps()
    {
        var elsewhere = new Dictionary<string, string> { ["SAMEPAGE_ROOT"] = Path.Combine(Root, "absent") };
        Outcome outcome = StartWith(elsewhere, "doctor").End();
        Assert.Equal(1, outcome.Code);
        Assert.Contains("problem  directory ", outcome.Text, StringComparison.Ordinal);
        Assert.Contains("-> Mount a tmpfs there", outcome.Text, StringComparison.Ordinal);
    }

    [Fact]
    [UnsupportedOSPlatform("windows")]
    public void A_directory_that_cannot_be_trusted_is_a_message()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows keeps no directory of objects.");
        Succeed("create", "mutex", "x", "--for", "0");
        string directory = Directory.EnumerateDirectories(Root, "samepage-*").Single();
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_111_111);
        Assert.Contains("cannot be trusted", Fail(1, "ls"), StringComparison.Ordinal);
    }
}
