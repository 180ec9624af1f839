using System.Diagnostics.CodeAnalysis;

namespace Samepage.Bench;

/// <summary>What the command line asks for.</summary>
internal sealed record Options(string Selection, bool Quick, string? JsonPath, string? Folder, string? GuardPath, string? RecordPath)
{
    public const string All = "all";

    public static readonly string[] Selections = [All, "mutex", "event", "semaphore", "any", "async", "tether", "topic", "metrics", "queue", "cell", "service", "section", "span", "locks", "lifetime", "start-up", "memory", "many", "races"];

    public static string Usage => $"Usage: Samepage.Bench {string.Join('|', Selections)} [--quick] [--json FILE] [--out DIR] [--guard FILE] [--record FILE]";

    public bool Wants(string selection) => Selection == All || Selection == selection;

    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out Options? options)
    {
        options = new Options("", Quick: false, JsonPath: null, Folder: null, GuardPath: null, RecordPath: null);
        for (int i = 0; i < arguments.Length; i++)
        {
            Options? next = arguments[i] switch
            {
                "--quick" => options with { Quick = true },
                "--json" when i + 1 < arguments.Length => options with { JsonPath = arguments[++i] },
                "--out" when i + 1 < arguments.Length => options with { Folder = arguments[++i] },
                "--guard" when i + 1 < arguments.Length => options with { GuardPath = arguments[++i] },
                "--record" when i + 1 < arguments.Length => options with { RecordPath = arguments[++i] },
                string word when options.Selection.Length == 0 && Selections.Contains(word) => options with { Selection = word },
                _ => null,
            };
            if (next is null)
                return false;
            options = next;
        }
        return options.Selection.Length > 0;
    }
}
