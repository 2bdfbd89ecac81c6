using Vedette.Commands;

return await Cli.Run(args);
