using System.Text.RegularExpressions;

namespace Samepage.Architecture;

/// <summary>Where a line belongs: rules that are read from the text of the sources.</summary>
public sealed partial class SourceRuleTests
{
    private static IEnumerable<string> Offenders(Regex forbidden, Func<SourceTree.SourceFile, bool> allowed) =>
        from file in SourceTree.Files
        where !allowed(file)
        from line in file.Code.Split('\n').Select((text, number) => (text, number))
        where forbidden.IsMatch(line.text)
        select $"{file.Path}({line.number + 1}): {line.text.Trim()}";

    private static bool In(SourceTree.SourceFile file, params string[] folders) =>
        folders.Any(f => file.Folder == f || file.Folder.StartsWith(f + "/", StringComparison.Ordinal));

    [Fact]
    public void Native_signatures_stand_in_the_interop_folders() =>
        Assert.Empty(Offenders(NativeSignature(), f => f.Folder.EndsWith("/Interop", StringComparison.Ordinal)));

    [Fact]
    public void Every_native_function_is_named_once_for_each_shape()
    {
        string[] signatures =
        [
            .. from file in SourceTree.Files
               from Match match in EntryPoint().Matches(file.Text)
               select file.Folder + ":" + Regex.Replace(match.Value, @"\s+", " ")
        ];
        Assert.NotEmpty(signatures);
        Assert.Equal(signatures.Distinct(), signatures);
    }

    [Fact]
    public void Error_numbers_stay_within_their_platform() =>
        Assert.Empty(Offenders(ErrorNumber(), f => In(f, "Platform/Linux", "Platform/Windows")));

    [Fact]
    public void Error_numbers_have_names() =>
        Assert.Empty(Offenders(NakedError(), f => f.Folder.EndsWith("/Interop", StringComparison.Ordinal)));

    [Fact]
    public void Memory_ordering_is_written_down_in_one_place() => Assert.Empty(Offenders(Ordering(), f => In(f, "Atomics")));

    [Fact]
    public void Which_system_this_is_is_asked_in_one_place() =>
        Assert.Empty(Offenders(SystemQuestion(), f => f.Path == "Platform/Host.cs" || f.Folder.EndsWith("/Interop", StringComparison.Ordinal)));

    [Fact]
    public void Pointers_are_dereferenced_only_at_the_bottom() =>
        Assert.Empty(Offenders(Dereference(), f => In(f, "Atomics", "Layout", "Platform")));

    /// <summary>Above the bottom, these hold the address of a mapping and make spans of it.</summary>
    private static readonly string[] _mayBeUnsafe = ["Memory/MemoryView.cs", "Memory/ViewMemoryManager.cs"];

    [Fact]
    public void Unsafe_code_above_the_bottom_is_listed_by_name() =>
        Assert.Empty(Offenders(Unsafe(), f => In(f, "Atomics", "Layout", "Platform", "Channels") || _mayBeUnsafe.Contains(f.Path)));

    [Fact]
    public void Offsets_of_shared_structs_stand_in_the_layout() =>
        Assert.Empty(Offenders(FieldOffset(), f => In(f, "Layout") || f.Folder.EndsWith("/Interop", StringComparison.Ordinal)));

    [Fact]
    public void The_library_says_nothing_to_the_console_and_never_sleeps_to_wait() =>
        Assert.Empty(Offenders(ConsoleOrSleep(), _ => false));

    [Fact]
    public void Every_release_that_names_its_pair_has_one()
    {
        (string Name, string Path, string Text)[] markers =
        [
            .. from file in SourceTree.Files
               from Match match in Sync().Matches(file.Text)
               select (match.Groups[1].Value, file.Path, match.Groups[2].Value.Trim())
        ];
        Assert.NotEmpty(markers);
        Assert.Empty(
            from marker in markers
            group marker by marker.Name into pair
            where pair.Any(m => m.Text.Contains("pairs with", StringComparison.Ordinal) && !m.Text.Contains("pairs with nothing", StringComparison.Ordinal))
            where pair.Count() < 2
            select $"SYNC({pair.Key}) in {pair.First().Path} names a counterpart that nobody marks: {pair.First().Text}");
        Assert.Empty(from m in markers where !m.Text.Contains("pairs with", StringComparison.Ordinal) select $"SYNC({m.Name}) in {m.Path} does not say what it pairs with");
    }

    [Fact]
    public void Every_protocol_marks_what_it_publishes_and_what_it_takes()
    {
        string[] protocols = ["Platform/Linux/CommittedCounter.cs", "Platform/Linux/Waiting/FutexAutoEvent.cs", "Platform/Linux/Waiting/FutexManualEvent.cs", "Platform/Linux/Waiting/RobustFutex.cs", "Platform/Linux/Waiting/FutexSemaphore.cs", "Platform/Linux/Waiting/Journal.cs"];
        Assert.Empty(
            from path in protocols
            let file = SourceTree.Files.SingleOrDefault(f => f.Path == path)
            where file is null || file.Text.Contains("SharedAtomics.", StringComparison.Ordinal) && Sync().Count(file.Text) < 2
            select path);
    }

    [GeneratedRegex(@"\b(DllImport|LibraryImport)\b")]
    private static partial Regex NativeSignature();

    [GeneratedRegex(@"EntryPoint = ""\w+""[^;]*;")]
    private static partial Regex EntryPoint();

    [GeneratedRegex(@"\b(Errno|errno|GetLastPInvokeError|GetLastSystemError|GetLastWin32Error)\b")]
    private static partial Regex ErrorNumber();

    [GeneratedRegex(@"\bLast\s*(==|!=|is)\s*\d")]
    private static partial Regex NakedError();

    [GeneratedRegex(@"\b(Volatile|Interlocked)\.|\bvolatile\b|\bMemoryBarrier\b")]
    private static partial Regex Ordering();

    [GeneratedRegex(@"\bOperatingSystem\.|\bRuntimeInformation\.|\bOSPlatform\b")]
    private static partial Regex SystemQuestion();

    [GeneratedRegex(@"->|(?:[=(,]|return|&&|\|\|)\s*\*\s*[\w(]|^\s*\*\s*\w+\s*=")]
    private static partial Regex Dereference();

    [GeneratedRegex(@"\bunsafe\b")]
    private static partial Regex Unsafe();

    [GeneratedRegex(@"\bFieldOffset\b")]
    private static partial Regex FieldOffset();

    [GeneratedRegex(@"\bConsole\.|\bThread\.Sleep\b")]
    private static partial Regex ConsoleOrSleep();

    [GeneratedRegex(@"// SYNC\((\w+)\):(.*)")]
    private static partial Regex Sync();
}
