using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Samepage.Torture.Kinds;

namespace Samepage.Torture;

/// <summary>What the command line asks for.</summary>
internal sealed record Options(double Minutes, int Seed, IReadOnlyList<string> Kinds, bool Soak, string? OutputPath)
{
    public static string Usage => $"Usage: Samepage.Torture [--minutes N] [--seed N] [--kind {string.Join('|', Names)}]…\n       Samepage.Torture --soak [--minutes N] --out FILE.csv";

    public TimeSpan Duration => TimeSpan.FromMinutes(Minutes);

    private static IEnumerable<string> Names => AllKinds.List.Select(k => k.Name);

    public static bool TryParse(string[] arguments, [NotNullWhen(true)] out Options? options)
    {
        options = new Options(1, Random.Shared.Next(), [], Soak: false, OutputPath: null);
        for (int i = 0; i < arguments.Length; i++)
        {
            string? value = i + 1 < arguments.Length ? arguments[i + 1] : null;
            Options? next = arguments[i] switch
            {
                "--soak" => options with { Soak = true },
                "--minutes" when double.TryParse(value, CultureInfo.InvariantCulture, out double minutes) && minutes > 0 => options with { Minutes = minutes },
                "--seed" when int.TryParse(value, CultureInfo.InvariantCulture, out int seed) => options with { Seed = seed },
                "--kind" when value is not null && Names.Contains(value) => options with { Kinds = [.. options.Kinds, value] },
                "--out" when value is not null => options with { OutputPath = value },
                _ => null,
            };
            if (next is null)
                return false;
            if (arguments[i] != "--soak")
                i++;
            options = next;
        }
        if (options.Kinds.Count == 0)
            options = options with { Kinds = [.. Names] };
        return !options.Soak || options.OutputPath is not null;
    }
}
