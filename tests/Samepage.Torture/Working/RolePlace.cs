namespace Samepage.Torture.Working;

/// <summary>A role that a worker shall play, as it stands on its command line.</summary>
internal sealed record RolePlace(string Kind, string Role, string ObjectName, int Actor)
{
    public override string ToString() => $"{Kind}:{Role}:{ObjectName}:{Actor}";

    public static RolePlace Parse(string text) => text.Split(':') is [var kind, var role, var name, var actor]
        ? new RolePlace(kind, role, name, int.Parse(actor))
        : throw new FormatException($"Not a role: {text}");
}
