using System.IO.Enumeration;
using Samepage.Cli.Output;

namespace Samepage.Cli.Top;

/// <summary>What the table can be sorted by. The names are part of the tool's interface: <c>--sort</c> takes them.</summary>
internal enum TopSort
{
    Name,
    Kind,
    Holders,
    Messages,
    Bytes,
    Lag,
    Waiters,
    Blocked,
}

/// <summary>An object and how fast it counted up between two looks; null where it does not, or was not there before.</summary>
internal sealed record TopRow(TopObject Object, double? MessageRate, double? ByteRate);

/// <summary>Makes the rows of the table of two looks, chooses and sorts them.</summary>
internal static class TopModel
{
    public static IReadOnlyList<TopRow> Rows(TopLook? before, TopLook now)
    {
        ILookup<string, TopObject>? old = before?.Objects.ToLookup(o => o.Name, StringComparer.Ordinal);
        double seconds = before is null ? 0 : (now.Time - before.Time).TotalSeconds;
        return [.. now.Objects.Select(o =>
        {
            TopObject? was = old?[o.Name].FirstOrDefault(o.IsSame);
            return new TopRow(o, Rate(was?.Messages, o.Messages, seconds), Rate(was?.Bytes, o.Bytes, seconds));
        })];
    }

    /// <summary>Whether its name or kind is like a pattern: with * and ? as a whole, without them somewhere in it; upper and lower case do not matter.</summary>
    public static bool Matches(TopObject o, string pattern)
    {
        if (pattern.Length == 0)
            return true;
        if (pattern.IndexOfAny(['*', '?']) < 0)
            return o.Name.Contains(pattern, StringComparison.OrdinalIgnoreCase) || Shown.Kind(o.Kind).Contains(pattern, StringComparison.OrdinalIgnoreCase);
        // A backslash belongs to the name, and takes no meaning away.
        string expression = pattern.Replace(@"\", @"\\", StringComparison.Ordinal);
        return FileSystemName.MatchesSimpleExpression(expression, o.Name) || FileSystemName.MatchesSimpleExpression(expression, Shown.Kind(o.Kind));
    }

    /// <summary>Names from a to z, numbers from the largest down, what has none last; equal ones by name. Reversed, the other way round.</summary>
    public static IReadOnlyList<TopRow> Sorted(IEnumerable<TopRow> rows, TopSort by, bool reversed)
    {
        IEnumerable<TopRow> byName = rows.OrderBy(r => r.Object.Name, StringComparer.Ordinal);
        IEnumerable<TopRow> sorted = by switch
        {
            TopSort.Name => byName,
            TopSort.Kind => byName.OrderBy(r => Shown.Kind(r.Object.Kind), StringComparer.Ordinal),
            TopSort.Blocked => byName.OrderBy(r => r.Object.Blocked.Length == 0).ThenBy(r => r.Object.Blocked, StringComparer.Ordinal),
            _ => byName.OrderByDescending(r => Number(r, by) ?? -1),
        };
        return [.. reversed ? sorted.Reverse() : sorted];
    }

    private static double? Number(TopRow row, TopSort by) => by switch
    {
        TopSort.Holders => row.Object.Holders,
        TopSort.Messages => row.MessageRate,
        TopSort.Bytes => row.ByteRate,
        TopSort.Lag => row.Object.Lag,
        _ => row.Object.Waiters,
    };

    // A connection that has ended takes its bytes with it.
    private static double? Rate(long? before, long? now, double seconds) => seconds > 0 && now - before is { } more ? Math.Max(0, more) / seconds : null;
}
