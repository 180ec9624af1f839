using System.Text.RegularExpressions;

namespace Samepage.Architecture;

/// <summary>What the pages show is what was compiled and run: each of their blocks of C# is a region of tests/Samepage.Guide, to the letter.</summary>
public sealed partial class SnippetTests
{
    private const string AcceptVariable = "SAMEPAGE_ACCEPT_SNIPPETS";

    private static string Sources => Path.Combine(SourceTree.Root, "tests", "Samepage.Guide");

    /// <summary>By its name, its file and its text, which begins at the margin.</summary>
    private static readonly Dictionary<string, (string File, string Text)> _regions = (
        from path in Directory.EnumerateFiles(Sources, "*.cs", SearchOption.TopDirectoryOnly)
        from Match match in Region().Matches(File.ReadAllText(path))
        select (Name: match.Groups["name"].Value, File: Path.GetFileName(path), Text: AtTheMargin(match.Groups["text"].Value)))
        .ToDictionary(r => r.Name, r => (r.File, r.Text));

    private static IEnumerable<string> Pages =>
    [
        Path.Combine(SourceTree.Root, "README.md"),
        .. Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "docs", "guide"), "*.md").Order(StringComparer.Ordinal),
    ];

    [Fact]
    public void Every_block_of_the_pages_is_a_region_of_the_sources()
    {
        bool accept = Environment.GetEnvironmentVariable(AcceptVariable) == "1";
        var faults = new List<string>();
        int blocks = 0;
        foreach (string page in Pages)
        {
            string shown = File.ReadAllText(page);
            string compiled = Block().Replace(shown, match =>
            {
                blocks++;
                string name = match.Groups["name"].Value;
                if (_regions.TryGetValue(name, out (string File, string Text) region))
                    return $"```csharp {name}\n{region.Text}```";
                faults.Add($"{Path.GetFileName(page)}: there is no \"#region {name}\" in tests/Samepage.Guide for\n{match.Value}");
                return match.Value;
            });
            if (accept)
                File.WriteAllText(page, compiled);
            else if (compiled != shown)
                faults.Add($"{Path.GetFileName(page)} shows other code than what is compiled. It would be:\n{string.Join("\n", compiled.Split('\n').Except(shown.Split('\n')))}");
        }
        Assert.True(faults.Count == 0,
            $"A block begins with \"```csharp NAME\", and NAME is a region of tests/Samepage.Guide. {AcceptVariable}=1 writes the regions into the pages.\n{string.Join("\n", faults)}");
        Assert.True(blocks > 40, "The reading of pages is broken.");
    }

    [Fact]
    public void Every_region_is_shown_by_one_block()
    {
        string[] shown = [.. from page in Pages from Match match in Block().Matches(File.ReadAllText(page)) select match.Groups["name"].Value];
        Assert.Equal(_regions.Keys.Order(StringComparer.Ordinal), shown.Order(StringComparer.Ordinal));
    }

    /// <summary>Code under another name would be looked at by nobody.</summary>
    [Fact]
    public void A_block_is_compiled_or_is_text() => Assert.Empty(
        from page in Pages
        from Match match in Fence().Matches(File.ReadAllText(page))
        where match.Value != "```text" && !match.Value.StartsWith("```csharp ", StringComparison.Ordinal)
        select $"{Path.GetFileName(page)}: {match.Value}");

    private static string AtTheMargin(string text)
    {
        string[] lines = text.Split('\n');
        int margin = lines.Where(l => l.Trim() != "").Min(l => l.Length - l.TrimStart().Length);
        return string.Join('\n', lines.Select(l => l.Length > margin ? l[margin..] : ""));
    }

    [GeneratedRegex(@"^ *#region (?<name>\S+)\n(?<text>.*?)^ *#endregion$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Region();

    [GeneratedRegex(@"^```csharp(?: (?<name>\S+))?\n(?<text>.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"^```.+$", RegexOptions.Multiline)]
    private static partial Regex Fence();
}
