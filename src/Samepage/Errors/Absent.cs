using Samepage.Platform;

namespace Samepage;

/// <summary>The refusal of an open that found nothing (W05).</summary>
internal static class Absent
{
    public static SharedObjectException Of(string name, SharedObjectKind kind) => new(
        FailureReason.NotFound,
        $"No {kind.Noun()} named \"{name}\" is alive. Start the program that makes it, use CreateOrOpen, or check the name (it is case-sensitive, and {ScopeHint(name)}).",
        name, kind);

    private static string ScopeHint(string name) => ObjectName.Parse(name).Scope == SharedObjectScope.Global
        ? @"Global\ is another scope than none"
        : @"an object of another user, or of a container, needs the prefix Global\";
}
