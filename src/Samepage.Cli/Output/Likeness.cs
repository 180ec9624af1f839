namespace Samepage.Cli.Output;

/// <summary>How alike two words are, to guess which was meant.</summary>
internal static class Likeness
{
    /// <summary>Near enough to be a slip: a third of the word at most.</summary>
    public static bool IsNear(string wanted, int distance) => distance <= Math.Max(1, wanted.Length / 3);

    /// <summary>Edits between two words (Levenshtein); one that goes on where the wanted one ends is near as well.</summary>
    public static int Distance(string wanted, string other)
    {
        if (wanted.Length > 2 && other.StartsWith(wanted, StringComparison.Ordinal))
            return 1;
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 1; i <= wanted.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= other.Length; j++)
            {
                int replaced = diagonal + (wanted[i - 1] == other[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[other.Length];
    }
}
