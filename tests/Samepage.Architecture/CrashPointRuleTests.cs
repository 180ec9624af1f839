using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using Samepage.Atomics;

namespace Samepage.Architecture;

/// <summary>Where a process may die has a name, in the sources as in the list.</summary>
public sealed class CrashPointRuleTests
{
    /// <summary>On Windows these are the kernel's steps; the door itself stores for others.</summary>
    private static IEnumerable<SourceTree.SourceFile> Protocols => SourceTree.Files.Where(f => f.Folder != "Atomics" && !f.Folder.StartsWith("Platform/Windows", StringComparison.Ordinal));

    [Fact]
    public void Behind_each_store_to_shared_memory_stands_a_crash_point()
    {
        Assert.True(Protocols.Sum(SharedStores.CountIn) > 100);
        string[] offenders = [.. Protocols.SelectMany(SharedStores.Offenders)];
        Assert.True(offenders.Length == 0, string.Join('\n', offenders));
    }

    [Theory]
    [InlineData("void M() { SharedAtomics.Release(At(0), 1); }")]
    [InlineData("void M() => SharedAtomics.Release(At(0), 1); void N() { CrashSwitch.Reach(CrashPoint.A); }")]
    [InlineData("void M() { SharedAtomics.Release(At(0), 1); SharedAtomics.Release(At(1), 1); CrashSwitch.Reach(CrashPoint.A); }")]
    [InlineData("int P { get => 1; set => SharedAtomics.Release(At(0), value); }")]
    [InlineData("void M() { if (SharedAtomics.CompareExchange(word, 0, 1)) return; CrashSwitch.Reach(CrashPoint.A); }")]
    [InlineData("void M() { if (x) { SharedAtomics.Or(word, 1); return; } CrashSwitch.Reach(CrashPoint.A); }")]
    [InlineData("void M() { Futex.SetAndWake(word, 1, 1); Wake(); }")]
    [InlineData("void M() { block->Count = 1; }")]
    [InlineData("void M() { block->Count++; }")]
    [InlineData("void M() { *header = default; }")]
    [InlineData("void M() { ref Header h = ref Header(view); h.Count = 1; }")]
    [InlineData("void M() { SharedAtomics.Release(ref State.Places, 1); }")]
    [InlineData("void M()\n{\n// NO-POINT:\nSharedAtomics.Release(At(0), 1);\n}")]
    [InlineData("void M()\n{\n// NO-POINT: nothing\nx = 1;\n}")]
    [InlineData("void M()\n{\n// NO-POINT: one\nSharedAtomics.Store(At(0), 1);\nx = 1;\nSharedAtomics.Store(At(0), 1);\n}")]
    public void A_store_without_one_is_found(string code) => Assert.Single(SharedStores.Offenders(Class(code)));

    [Theory]
    [InlineData("void M() { SharedAtomics.Release(At(0), 1); CrashSwitch.Reach(CrashPoint.A); }")]
    [InlineData("bool M() { bool moved = SharedAtomics.CompareExchange(At(0), F(1), 2); CrashSwitch.Reach(CrashPoint.A); return moved; }")]
    [InlineData("void M() { while (true) { if (!SharedAtomics.CompareExchange(word, 0, 1)) continue; CrashSwitch.Reach(CrashPoint.A); } }")]
    [InlineData("void M() { if (SharedAtomics.CompareExchange(word, 0, 1)) { CrashSwitch.Reach(CrashPoint.A); return; } }")]
    [InlineData("void M() { do x = 1; while (!SharedAtomics.CompareExchange(word, 0, 1)); CrashSwitch.Reach(CrashPoint.A); }")]
    [InlineData("int P { set { SharedAtomics.Release(At(0), value); CrashSwitch.Reach(CrashPoint.A); } }")]
    [InlineData("void M() { SharedAtomics.Release(ref _field, 1); }")]
    [InlineData("bool M() => block->Count == 1 && *header == 2 && word <= 3;")]
    [InlineData("void M()\n{\n// NO-POINT: one, and\n// SYNC(x): pairs.\nSharedAtomics.Store(At(0),\n1);\nSharedAtomics.Store(At(0), 1);\n}")]
    [InlineData("// NO-POINT: of this process\nprivate void M()\n{\nx = 1;\nSharedAtomics.Store(At(0), 1);\n}")]
    public void A_store_with_one_is_not(string code) => Assert.Empty(SharedStores.Offenders(Class(code)));

    private static SourceTree.SourceFile Class(string code) => SourceTree.Parse("Some.cs", $"class Some\n{{\n{code}\n}}\n");

    [Fact]
    public void Every_crash_point_stands_somewhere_in_the_sources() => Assert.Empty(
        from point in Enum.GetNames<CrashPoint>()
        where point != nameof(CrashPoint.None)
        where !SourceTree.Files.Any(f => f.Path != "Atomics/CrashPoint.cs" && Regex.IsMatch(f.Code, $@"CrashSwitch\.Reach\(CrashPoint\.{point}\)"))
        select point);

    [Fact]
    public void Every_place_that_crashes_is_in_the_list() => Assert.Empty(
        from file in SourceTree.Files
        from Match match in Regex.Matches(file.Code, @"CrashSwitch\.Reach\((?!CrashPoint\.\w+\)|CrashPoint point\))[^)]*\)")
        select $"{file.Path}: {match.Value}");

    [Fact]
    public void A_release_build_has_no_crash_points()
    {
        MethodInfo reach = typeof(CrashSwitch).GetMethod(nameof(CrashSwitch.Reach))!;
        Assert.Equal("CRASH_POINTS", Assert.Single(reach.GetCustomAttributes<ConditionalAttribute>()).ConditionString);
        string project = File.ReadAllText(Path.Combine(SourceTree.Root, "src", "Samepage", "Samepage.csproj"));
        string line = Assert.Single(project.Split('\n'), l => l.Contains("CRASH_POINTS", StringComparison.Ordinal));
        Assert.Contains("'$(Configuration)' == 'Debug'", line, StringComparison.Ordinal);
        Assert.DoesNotContain(SourceTree.Files, f => f.Code.Contains("#define", StringComparison.Ordinal));
        bool debug = typeof(CrashSwitch).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration == "Debug";
        bool calls = typeof(SharedMemory).Assembly.GetTypes().Any(t => t != typeof(CrashSwitch) && TypeReferences.Of(t).Contains(typeof(CrashSwitch)));
        Assert.Equal(debug, calls);
    }
}
