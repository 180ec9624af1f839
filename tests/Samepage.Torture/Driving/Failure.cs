namespace Samepage.Torture.Driving;

/// <summary>What went wrong, with the history that shows it, in lines for people.</summary>
internal sealed record Failure(string Kind, string Rule, string Text, IReadOnlyList<string> History);
