using Samepage.Torture;
using Samepage.Torture.Driving;
using Samepage.Torture.Working;

// The program is the driver, and started by it with "worker" as its first word it is one of those who are killed.
if (args is ["worker", ..])
    return Worker.Run(args[1..]);
if (!Options.TryParse(args, out Options? options))
{
    Console.Error.WriteLine(Options.Usage);
    return 2;
}
return Root.Within(() => new Driver(options).Run());
