using System.Text.RegularExpressions;

namespace Samepage.Architecture;

/// <summary>The library's sources, as text.</summary>
internal static partial class SourceTree
{
    /// <summary>One file: its path below src/Samepage with slashes, its text, and its text without comments and the insides of strings.</summary>
    internal sealed record SourceFile(string Path, string Text, string Code)
    {
        public string Folder { get; } = Path.Contains('/', StringComparison.Ordinal) ? Path[..Path.LastIndexOf('/')] : "";
    }

    public static string Root { get; } = FindRoot();

    public static IReadOnlyList<SourceFile> Files { get; } = Read();

    /// <summary>The folder of every type that stands at the outermost level of a file, by its full name: the systems give some the same one.</summary>
    public static IReadOnlyDictionary<string, string> FolderOfType { get; } = (
        from file in Files
        from Match match in TypeDeclaration().Matches(file.Code)
        select (Name: Namespace().Match(file.Code).Groups[1].Value + "." + match.Groups[1].Value, file.Folder))
        .Distinct().ToDictionary(t => t.Name, t => t.Folder);

    private static string FindRoot()
    {
        string? at = AppContext.BaseDirectory;
        while (at is not null && !File.Exists(Path.Combine(at, "Samepage.slnx")))
            at = Path.GetDirectoryName(at);
        return at ?? throw new DirectoryNotFoundException("These tests read the sources: run them from within the tree.");
    }

    private static List<SourceFile> Read()
    {
        string start = Path.Combine(Root, "src", "Samepage");
        return
        [
            .. from path in Directory.EnumerateFiles(start, "*.cs", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
               let relative = Path.GetRelativePath(start, path).Replace('\\', '/')
               where !relative.StartsWith("obj/", StringComparison.Ordinal) && !relative.StartsWith("bin/", StringComparison.Ordinal)
               select Parse(relative, File.ReadAllText(path)),
        ];
    }

    public static SourceFile Parse(string path, string text) => new(path, text, Bare().Replace(text, m => m.Value[0] == '/' ? "" : "\"\""));

    [GeneratedRegex(@"//[^\n]*|/\*.*?\*/|@?""(?:[^""\\\n]|\\.)*""", RegexOptions.Singleline)]
    private static partial Regex Bare();

    [GeneratedRegex(@"^namespace\s+([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:(?:public|internal|file|static|sealed|abstract|readonly|unsafe|partial|ref)\s+)*(?:class|interface|enum|record\s+struct|record|struct)\s+(\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeDeclaration();
}
