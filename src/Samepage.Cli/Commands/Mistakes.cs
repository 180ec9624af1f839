using System.CommandLine;
using System.CommandLine.Parsing;
using Samepage.Cli.Output;

namespace Samepage.Cli.Commands;

/// <summary>Answers a command line that cannot be: what is wrong, what was likely meant, where help is.</summary>
internal static class Mistakes
{
    public static int Explain(ParseResult line, Session session)
    {
        Command command = line.CommandResult.Command;
        if (line.UnmatchedTokens.Count > 0 && command.Subcommands.Count > 0)
        {
            string token = line.UnmatchedTokens[0];
            session.Terminal.Remark($"there is no verb {Shown.Name(token)}{(command is RootCommand ? "" : $" of {command.Name}")}.{Meant(token, command)}");
        }
        else
        {
            foreach (ParseError error in line.Errors)
                session.Terminal.Remark(Shown.Text(error.Message));
        }
        Console.Error.WriteLine($"Try: {string.Join(' ', PathOf(command))} --help");
        return ExitCodes.Usage;
    }

    private static string Meant(string token, Command command)
    {
        string? near = command.Subcommands
            .Select(verb => (verb.Name, Distance: Likeness.Distance(token, verb.Name)))
            .Where(c => c.Distance <= 2 && c.Distance < c.Name.Length)
            .OrderBy(c => c.Distance)
            .Select(c => c.Name)
            .FirstOrDefault();
        return near is null ? "" : $" Did you mean {near}?";
    }

    private static IEnumerable<string> PathOf(Command command) => command is RootCommand
        ? ["samepage"]
        : PathOf(command.Parents.OfType<Command>().First()).Append(command.Name);
}
