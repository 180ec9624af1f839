using System.CommandLine;

namespace Samepage.Cli.Parsing;

/// <summary>Arguments and options that several verbs share, made anew for each.</summary>
internal static class Common
{
    public static Argument<string> Name(string description = @"Name of the object; quote 'Global\name' against the shell.")
    {
        var name = new Argument<string>("NAME") { Description = description };
        name.CompletionSources.Add(_ => LiveNames());
        return name;
    }

    public static Argument<string[]> Names(string description)
    {
        var names = new Argument<string[]>("NAME") { Description = description, Arity = ArgumentArity.OneOrMore };
        names.CompletionSources.Add(_ => LiveNames());
        return names;
    }

    public static Option<bool> Json() => new("--json") { Description = "Print JSON." };

    /// <summary>An option without a value, in front of names: one of them may be "true".</summary>
    public static Option<bool> Switch(string name, string description) => new(name) { Description = description, Arity = ArgumentArity.Zero };

    public static Option<long> Bytes(string name, string description) =>
        new(name) { Description = description, HelpName = "BYTES", CustomParser = ByteCount.Parse };

    public static Option<TimeSpan?> Time(string name, string description, string[]? aliases = null) =>
        new(name, aliases ?? []) { Description = description, HelpName = "TIME", CustomParser = a => Duration.Parse(a) };

    public static Option<SharedAccess> Access(params string[] choices) => new("--access")
    {
        Description = @"Who may open it; more than user needs a name with Global\. Default: user.",
        HelpName = string.Join('|', choices),
        CustomParser = a =>
        {
            string text = a.Tokens[^1].Value;
            if (choices.Contains(text, StringComparer.OrdinalIgnoreCase))
                return Enum.Parse<SharedAccess>(text.Replace("-", "", StringComparison.Ordinal), ignoreCase: true);
            a.AddError($"\"{text}\" is no access. Choose from {string.Join(", ", choices)}.");
            return SharedAccess.User;
        },
    };

    private static IEnumerable<string> LiveNames() => SharedObjects.List().Select(o => o.Name!);
}
